package dev.parley.frames;

import dev.parley.websocket.EchoEndpoint;
import jakarta.websocket.DeploymentException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Where an endpoint is: a path or a template of level 1 (Jakarta WebSocket 2.1, section 3.1.1; RFC 6570 section 1.2). */
final class EndpointPath {
    private static final String SEPARATOR = "/";
    private static final List<String> RELATIVE = List.of(".", "..");
    private static final String NOT_OF_A_PATH = "{}?#";

    /** The second is of a package that is above this one. */
    private static final Set<String> OURS = Set.of(EchoEndpoint.class.getPackageName(), "dev.parley.chat");

    private EndpointPath() {}

    /**
     * Of an annotation, whose path must begin with a slash (section 4.1.1); a configuration of a team's own that leaves it
     * out is served as if it stood there.
     *
     * @throws DeploymentException when it does not
     */
    static void checkAnnotated(Class<?> endpoint, String path) throws DeploymentException {
        if (!path.startsWith(SEPARATOR)) {
            throw refused(endpoint, path, "does not begin with a slash");
        }
    }

    /** @throws DeploymentException when no request could be for it, or nobody could say for which */
    static void check(Class<?> endpoint, String path) throws DeploymentException {
        Set<String> names = new HashSet<>();
        // What ends a path by a slash is the same without it
        String text = path.startsWith(SEPARATOR) ? path.substring(1) : path;
        String written = text.endsWith(SEPARATOR) ? text.substring(0, text.length() - 1) : text;
        for (String segment : Arrays.asList(written.split(SEPARATOR, -1))) {
            if (segment.isEmpty() && !written.isEmpty()) {
                throw refused(endpoint, path, "has an empty segment");
            }
            if (RELATIVE.contains(segment)) {
                throw refused(endpoint, path, "has a segment " + segment + ", which clients leave out");
            }
            if (isVariable(segment)) {
                String name = segment.substring(1, segment.length() - 1);
                if (!names.add(name)) {
                    throw refused(endpoint, path, "has the parameter " + name + " twice");
                }
            } else if (segment.chars().anyMatch(c -> NOT_OF_A_PATH.indexOf(c) >= 0)) {
                throw refused(
                        endpoint,
                        path,
                        "has the segment " + segment + ", where a parameter is a whole segment, as {name}");
            }
        }
    }

    /** Two endpoints are at one path; which of them came first is chance. */
    static DeploymentException taken(String path, Class<?> one, Class<?> other) {
        if (isOurs(one) == isOurs(other)) {
            return new DeploymentException(
                    "Two endpoints have the path " + path + ": " + one.getName() + " and " + other.getName() + ".");
        }
        Class<?> ours = isOurs(one) ? one : other;
        return new DeploymentException((isOurs(one) ? other : one).getName() + " is at the path '" + path
                + "', which is Parley's own: " + ours.getName()
                + " is there, unless a ServerApplicationConfig leaves it out.");
    }

    private static boolean isOurs(Class<?> endpoint) {
        return OURS.contains(endpoint.getPackageName());
    }

    private static boolean isVariable(String segment) {
        return segment.length() > 2
                && segment.startsWith("{")
                && segment.endsWith("}")
                && segment.substring(1, segment.length() - 1).chars().noneMatch(c -> NOT_OF_A_PATH.indexOf(c) >= 0);
    }

    private static DeploymentException refused(Class<?> endpoint, String path, String why) {
        return new DeploymentException("The path of " + endpoint.getName() + ", '" + path + "', " + why + ".");
    }
}
