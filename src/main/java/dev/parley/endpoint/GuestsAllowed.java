package dev.parley.endpoint;

import jakarta.enterprise.inject.Stereotype;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On an endpoint that lets guests in where {@code parley.auth.guests=false}. Every other endpoint is shut to them there: a
 * handshake that shows no user who can be verified, by a token or by the container's login, is answered 401. Whoever
 * such an endpoint joins to a channel is asked all the same.
 *
 * <p>On an application server the guard knows an endpoint by its path alone: one with a parameter opens all that its path
 * matches, and of endpoints that are no annotated classes none is opened.
 */
@Documented
@Stereotype // by which CDI finds the class also where only annotated beans are looked for
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface GuestsAllowed {}
