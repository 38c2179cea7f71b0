package dev.parley.http;

import java.util.List;

/** What health checks, a collector of metrics, and operators ask for: all that a port for them alone answers. */
public final class OperatorPaths {
    private static final String API = "/" + ApiApplication.PATH + "/";
    private static final List<String> ROOTS = List.of(
            "/" + HealthApplication.PATH, "/metrics", API + "drain", API + "users", API + "nodes", API + "operations");

    private OperatorPaths() {}

    /** @param path decoded, below the context root, beginning with a slash */
    public static boolean include(String path) {
        return ROOTS.stream().anyMatch(root -> path.equals(root) || path.startsWith(root + "/"));
    }
}
