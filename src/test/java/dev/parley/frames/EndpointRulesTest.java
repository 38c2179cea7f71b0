package dev.parley.frames;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.security.Guests;
import dev.parley.security.HandshakeUsers;
import dev.parley.security.Limits;
import dev.parley.websocket.EchoEndpoint;
import jakarta.inject.Inject;
import jakarta.websocket.DecodeException;
import jakarta.websocket.Decoder;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerApplicationConfig;
import jakarta.websocket.server.ServerEndpoint;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot work is refused when it is deployed, with a sentence that names the class. */
class EndpointRulesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a/../b",
                "/..",
                "/./a",
                "/a//b",
                "//a",
                "/a{x}",
                "/{x",
                "/x}",
                "/{x}y",
                "/{x}/{x}",
                "/a/{x}/b/{x}",
                "/{}",
                "/a?b",
                "/a#b",
                "/{a/b}"
            })
    void a_path_for_which_no_request_could_be_is_refused(String path) {
        assertThatThrownBy(() -> EndpointPath.check(EndpointRulesTest.class, path))
                .isInstanceOf(DeploymentException.class)
                .hasMessageStartingWith("The path of " + EndpointRulesTest.class.getName() + ", '" + path + "', has ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/a", "/a/", "a", "/a/{x}", "/{x}/{y}", "/a.b/...", "/ä b", "/a%20b", "/{a.b}"})
    void a_path_that_can_be_asked_for_is_taken(String path) throws DeploymentException {
        EndpointPath.check(EndpointRulesTest.class, path);
    }

    @ServerEndpoint("/private")
    public static class PrivateMethod {
        @OnOpen
        @SuppressWarnings("UnusedMethod") // that nobody would call it is what is tried
        private void open() {}
    }

    @ServerEndpoint("/hidden")
    static class HiddenClass {
        @OnOpen
        public void open() {}
    }

    static class HiddenBase {
        @OnMessage
        public void message(String text) {}
    }

    @ServerEndpoint("/of-hidden")
    public static class OfHiddenBase extends HiddenBase {}

    public static class BaseWithPrivate {
        @OnMessage
        void message(String text) {}
    }

    @ServerEndpoint("/inherited")
    public static class InheritsPrivate extends BaseWithPrivate {}

    @ServerEndpoint("/needs")
    public static class NeedsParameter {
        public NeedsParameter(String what) {}
    }

    @ServerEndpoint("/inner")
    public class Inner {
        public Object outer() {
            return EndpointRulesTest.this;
        }
    }

    /** Cannot be made. */
    public static class NeedyDecoder implements Decoder.Text<Integer> {
        public NeedyDecoder(String what) {}

        @Override
        public Integer decode(String text) {
            return 0;
        }

        @Override
        public boolean willDecode(String text) {
            return true;
        }
    }

    @ServerEndpoint(value = "/needy", decoders = NeedyDecoder.class)
    public static class NeedyDecoderEndpoint {}

    /** Cannot be made. */
    public static class NeedyConfigurator extends ServerEndpointConfig.Configurator {
        public NeedyConfigurator(String what) {}
    }

    @ServerEndpoint(value = "/configured", configurator = NeedyConfigurator.class)
    public static class NeedyConfiguratorEndpoint {}

    @ServerEndpoint("/anything")
    public static class Anything {
        @OnMessage
        public void message(Object anything) {}
    }

    @ServerEndpoint("/number")
    public static class AnyNumber {
        @OnMessage
        public void message(Number number) {}
    }

    public static class Room<M> {
        @OnMessage
        public void message(M message) {}
    }

    @SuppressWarnings("rawtypes") // as somebody forgets it
    @ServerEndpoint("/raw")
    public static class RawRoom extends Room {}

    @ServerEndpoint("/lists")
    public static class ListRoom extends Room<List<String>> {}

    @ServerEndpoint("/a{x}")
    public static class BadPath {}

    @ServerEndpoint("")
    public static class NoPath {}

    @ServerEndpoint("a")
    public static class RelativePath {}

    /** Fails as it is made. */
    public static class FailingConfigurator extends ServerEndpointConfig.Configurator {
        private static final int NUMBER = Integer.parseInt("none");

        @Override
        public boolean checkOrigin(String origin) {
            return origin.length() == NUMBER;
        }
    }

    @ServerEndpoint(value = "/failing", configurator = FailingConfigurator.class)
    public static class FailingConfiguratorEndpoint {}

    @ParameterizedTest
    @ValueSource(
            classes = {
                PrivateMethod.class,
                HiddenClass.class,
                OfHiddenBase.class,
                InheritsPrivate.class,
                NeedsParameter.class,
                Inner.class,
                NeedyDecoderEndpoint.class,
                NeedyConfiguratorEndpoint.class,
                Anything.class,
                AnyNumber.class,
                RawRoom.class,
                ListRoom.class,
                BadPath.class,
                NoPath.class,
                RelativePath.class,
                FailingConfiguratorEndpoint.class,
            })
    void a_class_that_cannot_work_is_refused_and_named(Class<?> endpoint) {
        assertThatThrownBy(() -> deployed(endpoint))
                .isInstanceOf(DeploymentException.class)
                .hasMessageContaining(endpoint.getName());
    }

    @ServerEndpoint("/injected")
    public static class Injected {
        private final String what;

        @Inject
        public Injected(String what) {
            this.what = what;
        }

        @Override
        public String toString() {
            return what;
        }
    }

    /** Makes what has no constructor for anybody else. */
    public static class Maker extends ServerEndpointConfig.Configurator {
        @Override
        public <T> T getEndpointInstance(Class<T> type) {
            return type.cast(new Made("by hand"));
        }
    }

    @ServerEndpoint(value = "/made", configurator = Maker.class)
    public static class Made {
        public Made(String how) {}
    }

    @ServerEndpoint("/texts")
    public static class TextRoom extends Room<String> {}

    /** Makes anything of a text. */
    public static class AnythingDecoder implements Decoder.Text<Object> {
        @Override
        public Object decode(String text) throws DecodeException {
            return List.of(text);
        }

        @Override
        public boolean willDecode(String text) {
            return true;
        }
    }

    @ServerEndpoint(value = "/decoded", decoders = AnythingDecoder.class)
    public static class DecodedAnything extends Anything {}

    @Test
    void what_can_work_is_taken() throws Exception {
        assertThat(deployed(Injected.class, Made.class, TextRoom.class, DecodedAnything.class))
                .containsExactlyInAnyOrder(Injected.class, Made.class, TextRoom.class, DecodedAnything.class);
    }

    /** What Jakarta WebSocket's own builder refuses. */
    public static class Unbuildable implements ServerApplicationConfig {
        @Override
        public Set<ServerEndpointConfig> getEndpointConfigs(Set<Class<? extends Endpoint>> scanned) {
            return Set.of(ServerEndpointConfig.Builder.create(Programmed.class, "programmed")
                    .build());
        }

        @Override
        public Set<Class<?>> getAnnotatedEndpointClasses(Set<Class<?>> scanned) {
            return scanned;
        }
    }

    @Test
    void an_application_that_throws_is_named() {
        assertThatThrownBy(() -> deployed(TextRoom.class, Unbuildable.class))
                .isInstanceOf(DeploymentException.class)
                .hasMessageContaining(Unbuildable.class.getName() + " fails while it is deployed: ")
                .hasMessageContaining("Path cannot be null");
    }

    @Test
    void an_annotated_path_that_does_not_begin_with_a_slash_is_told_so() {
        assertThatThrownBy(() -> deployed(NoPath.class))
                .hasMessageContaining("The path of " + NoPath.class.getName() + ", '', does not begin with a slash.");
    }

    @ServerEndpoint("/{other}")
    public static class SamePath {}

    @ServerEndpoint("/{one}")
    public static class OnePath {}

    @Test
    void two_endpoints_of_one_path_are_both_named() {
        assertThatThrownBy(() -> deployed(OnePath.class, SamePath.class))
                .hasMessageContaining(OnePath.class.getName())
                .hasMessageContaining(SamePath.class.getName());
    }

    @ServerEndpoint("/echo")
    public static class AtOurPath {}

    @Test
    void a_path_of_ours_is_said_to_be_ours() {
        assertThatThrownBy(() -> deployed(AtOurPath.class, EchoEndpoint.class))
                .hasMessageContaining(AtOurPath.class.getName() + " is at the path '/echo', which is Parley's own: "
                        + EchoEndpoint.class.getName() + " is there");
    }

    public static class Programmed extends Endpoint {
        @Override
        public void onOpen(Session session, EndpointConfig config) {}
    }

    /** Leaves one out and programs another. */
    public static class Application implements ServerApplicationConfig {
        static Set<Class<? extends Endpoint>> scannedEndpoints = Set.of();

        @Override
        public Set<ServerEndpointConfig> getEndpointConfigs(Set<Class<? extends Endpoint>> scanned) {
            scannedEndpoints = scanned;
            return Set.of(ServerEndpointConfig.Builder.create(Programmed.class, "/programmed")
                    .build());
        }

        @Override
        public Set<Class<?>> getAnnotatedEndpointClasses(Set<Class<?>> scanned) {
            return scanned.contains(TextRoom.class) ? Set.of(Injected.class) : Set.of();
        }
    }

    @Test
    void an_application_says_which_of_its_endpoints_are_deployed() throws Exception {
        assertThat(deployed(TextRoom.class, Injected.class, Programmed.class, Application.class))
                .containsExactly(Injected.class);
        assertThat(Application.scannedEndpoints).containsExactly(Programmed.class);
    }

    private static Set<Class<?>> deployed(Class<?>... classes) throws DeploymentException {
        Endpoints endpoints =
                new Endpoints(Set.of(classes), Limits.DEFAULTS, new HandshakeUsers(new Guests(), true), true);
        try {
            endpoints.deploy();
            return endpoints.annotated();
        } finally {
            endpoints.stop();
        }
    }
}
