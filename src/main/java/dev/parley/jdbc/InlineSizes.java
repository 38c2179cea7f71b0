package dev.parley.jdbc;

import org.jspecify.annotations.Nullable;

/**
 * Above how many bytes a body is only mentioned.
 *
 * @param json of JSON
 * @param binary of what has a media type
 */
record InlineSizes(int json, int binary) {
    /** @param type null for JSON */
    boolean isReference(@Nullable String type, long size) {
        return size > (type == null ? json : binary);
    }
}
