package dev.parley.security;

/**
 * Why a request is not answered.
 *
 * @param status of HTTP (RFC 9110 section 15)
 * @param sentence for the caller; says what to change, and nothing of the server's inside
 */
public record Refusal(int status, String sentence) {}
