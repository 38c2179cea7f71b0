package dev.parley.frames;

import jakarta.inject.Inject;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.server.ServerEndpointConfig;
import java.lang.annotation.Annotation;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an endpoint's classes must be like to work (Jakarta WebSocket 2.1, chapters 3 and 4). What Tyrus would pass over
 * without a word, or find out with the first client, is refused when it is deployed, with a sentence that names the class.
 */
final class EndpointRules {
    private static final List<Class<? extends Annotation>> CALLBACKS =
            List.of(OnOpen.class, OnMessage.class, OnError.class, OnClose.class);

    private EndpointRules() {}

    /** What deploys an endpoint. */
    @FunctionalInterface
    interface Deployment {
        void run() throws DeploymentException;
    }

    /**
     * Runs it. What else is thrown meanwhile, by Tyrus or by the endpoint's own classes, says nothing of whose it is.
     *
     * @throws DeploymentException when it cannot work
     */
    static void deploy(Class<?> endpoint, Deployment deployment) throws DeploymentException {
        try {
            deployment.run();
        } catch (RuntimeException | LinkageError e) {
            throw failed(endpoint.getName(), e);
        }
    }

    /** @param what has thrown something while endpoints were deployed */
    static DeploymentException failed(String what, Throwable failure) {
        return new DeploymentException(what + " fails while it is deployed: " + failure, failure);
    }

    /** @throws DeploymentException when it cannot work */
    static void check(ServerEndpointConfig config) throws DeploymentException {
        Class<?> endpoint = config.getEndpointClass();
        EndpointPath.check(endpoint, config.getPath());
        if (!Modifier.isPublic(endpoint.getModifiers())) {
            throw refused(endpoint, "is not public");
        }
        if (!makesInstances(config.getConfigurator().getClass())) {
            checkConstructor(endpoint, "the endpoint");
        }
        if (!Endpoint.class.isAssignableFrom(endpoint)) {
            for (Class<?> type : withSuperclasses(endpoint)) {
                checkMethods(endpoint, type);
            }
        }
        for (Class<?> encoder : config.getEncoders()) {
            checkConstructor(encoder, "the Encoder of " + endpoint.getName());
        }
        for (Class<?> decoder : config.getDecoders()) {
            checkConstructor(decoder, "the Decoder of " + endpoint.getName());
        }
    }

    /** @throws DeploymentException when the annotation names one that nobody can make */
    static void checkConfigurator(Class<?> endpoint, Class<?> configurator) throws DeploymentException {
        if (configurator != ServerEndpointConfig.Configurator.class) {
            checkConstructor(configurator, "the Configurator of " + endpoint.getName());
        }
    }

    private static boolean makesInstances(Class<?> configurator) {
        try {
            Class<?> maker =
                    configurator.getMethod("getEndpointInstance", Class.class).getDeclaringClass();
            return maker != ServerEndpointConfig.Configurator.class
                    && !maker.getName().startsWith("org.glassfish.tyrus.");
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void checkMethods(Class<?> endpoint, Class<?> declaring) throws DeploymentException {
        for (Method method : declaring.getDeclaredMethods()) {
            if (method.isSynthetic() || CALLBACKS.stream().noneMatch(method::isAnnotationPresent)) {
                continue;
            }
            if (!Modifier.isPublic(method.getModifiers())) {
                throw refused(endpoint, "has the method " + method.getName() + ", which is annotated and not public");
            }
            if (!Modifier.isPublic(declaring.getModifiers())) {
                throw refused(
                        endpoint,
                        "has the method " + method.getName() + " of " + declaring.getName() + ", which is not public");
            }
        }
    }

    private static void checkConstructor(Class<?> type, String what) throws DeploymentException {
        if (type.isInterface() || Modifier.isAbstract(type.getModifiers())) {
            throw refused(type, "is abstract, and so cannot be " + what);
        }
        if (Arrays.stream(type.getDeclaredConstructors()).noneMatch(EndpointRules::isUsable)) {
            throw refused(
                    type,
                    "has no constructor without parameters that is not private, nor one with @Inject, and so cannot be "
                            + what);
        }
    }

    private static boolean isUsable(Constructor<?> constructor) {
        return constructor.isAnnotationPresent(Inject.class)
                || (constructor.getParameterCount() == 0 && !Modifier.isPrivate(constructor.getModifiers()));
    }

    private static List<Class<?>> withSuperclasses(Class<?> type) {
        return Stream.<Class<?>>iterate(type, EndpointRules::isAnybodys, EndpointRules::above)
                .toList();
    }

    private static boolean isAnybodys(@Nullable Class<?> type) {
        return type != null && type != Object.class;
    }

    private static Class<?> above(Class<?> type) {
        return type.getSuperclass() == null ? Object.class : type.getSuperclass();
    }

    private static DeploymentException refused(Class<?> type, String why) {
        return new DeploymentException(type.getName() + " " + why + ".");
    }
}
