package dev.parley.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The endpoint that the {@link TestSocket} is opened to. */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface At {
    /** The path, which begins with a slash, and perhaps a query. */
    String value();

    /** A sub-protocol to ask for; empty: none. */
    String subprotocol() default "";
}
