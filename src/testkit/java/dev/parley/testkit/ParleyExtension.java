package dev.parley.testkit;

import dev.parley.client.ParleyClient;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/** What {@link ParleyTest} brings to JUnit. The store of each context closes what was opened for it. */
final class ParleyExtension implements BeforeAllCallback, ParameterResolver {
    private static final ExtensionContext.Namespace SPACE = ExtensionContext.Namespace.create(ParleyExtension.class);
    private static final Set<Class<?>> OFFERED = Set.of(
            ParleyServer.class,
            TestClock.class,
            TestTokens.class,
            TestHttp.class,
            TestSocket.class,
            ParleyClient.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        @Nullable ParleyTest test = context.getRequiredTestClass().getAnnotation(ParleyTest.class);
        if (test != null) {
            ParleyServer server = ParleyServer.start(settings(test), test.classes());
            UnmarkedFolders.warn(context.getRequiredTestClass());
            context.getStore(SPACE).put(ParleyServer.class, server);
        }
    }

    private static Map<String, String> settings(ParleyTest test) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String line : test.settings()) {
            int equals = line.indexOf('=');
            if (equals < 1) {
                throw new ExtensionConfigurationException("A setting is written key=value, not " + line);
            }
            settings.put(
                    line.substring(0, equals).strip(),
                    line.substring(equals + 1).strip());
        }
        return settings;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return OFFERED.contains(parameter.getParameter().getType());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        ParleyServer server = context.getStore(SPACE).get(ParleyServer.class, ParleyServer.class);
        Class<?> type = parameter.getParameter().getType();
        if (type == ParleyServer.class) {
            return server;
        }
        if (type == TestClock.class) {
            return server.clock();
        }
        if (type == TestTokens.class) {
            return server.tokens();
        }
        Optional<String> token =
                parameter.findAnnotation(As.class).map(as -> server.tokens().of(as.value(), as.roles()));
        if (type == TestHttp.class) {
            return server.http(token);
        }
        return type == ParleyClient.class
                ? closed(context, server.client(token))
                : closed(context, socket(parameter, server, token));
    }

    private static TestSocket socket(ParameterContext parameter, ParleyServer server, Optional<String> token) {
        At at = parameter
                .findAnnotation(At.class)
                .orElseThrow(() -> new ParameterResolutionException("@At says where a TestSocket is opened to"));
        List<String> subprotocols = at.subprotocol().isEmpty() ? List.of() : List.of(at.subprotocol());
        return server.socket(at.value(), token, subprotocols);
    }

    /** With the context that it was opened for. */
    private static <T extends AutoCloseable> T closed(ExtensionContext context, T opened) {
        context.getStore(SPACE).put(UUID.randomUUID(), opened);
        return opened;
    }
}
