package dev.parley.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The tests of this class run against a server of their own, with a log that is empty when the first of them begins: the
 * standalone one, in the tests' process, on any free port, with the endpoints and beans of every folder and jar on the class
 * path that has a {@code META-INF/beans.xml}.
 *
 * <pre>{@code
 * @ParleyTest
 * class OrdersTest {
 *     @Test
 *     void orders_go_to_everybody(@At("/orders/london") TestSocket desk, @As("ann") ParleyClient ann, ParleyServer server) {
 *         desk.send("{\"item\":\"tea\",\"quantity\":5}");
 *         server.channel("orders.london").awaitExactly("{\"item\":\"tea\",\"quantity\":5}");
 *     }
 * }
 * }</pre>
 *
 * <p>Constructors, tests, and the methods before and after them take as parameters: {@link ParleyServer}, {@link TestClock},
 * {@link TestTokens}; and, as whom {@link As} says or else a guest, a {@link TestHttp}, a {@link TestSocket} to where
 * {@link At} says, and a {@link dev.parley.client.ParleyClient}. What was opened for a test is closed after it. The tests of
 * one class share the log, unless they use channels of their own; those of a {@code @Nested} class share the outer one's
 * server, unless it is annotated itself.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ParleyExtension.class)
public @interface ParleyTest {
    /** Settings, {@code key=value}; they go before those of {@code META-INF/microprofile-config.properties}. */
    String[] settings() default {};

    /** Endpoints and beans that stand in no folder or jar with a {@code META-INF/beans.xml}, such as the test's own. */
    Class<?>[] classes() default {};
}
