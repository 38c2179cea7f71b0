package dev.parley.endpoint;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On an endpoint whose methods wait for nothing and take long over nothing: no lock that is held for long, no file, no
 * database, no {@code getBasicRemote}. The standalone server calls them on the threads that serve its sockets, so that
 * no message is handed from one thread to another, which costs more than to read and answer a small one. One that waits
 * in spite of this keeps all others waiting; other servers pay no regard to it.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface NeverWaits {}
