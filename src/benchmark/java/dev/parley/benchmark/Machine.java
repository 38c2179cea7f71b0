package dev.parley.benchmark;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;

/** What all this runs on. */
final class Machine {
    /** Files that a process has open besides its connections. */
    private static final int OTHER_FILES = 500;

    private Machine() {}

    /** So many connections, or as many as one process may have. */
    static int atMost(int connections) {
        return system() instanceof UnixOperatingSystemMXBean unix
                ? (int) Math.min(connections, unix.getMaxFileDescriptorCount() - OTHER_FILES)
                : connections;
    }

    /** Processes that want to run, on average of the last minute; below 0 where it is not known. */
    static double load() {
        return system().getSystemLoadAverage();
    }

    static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }

    static String description() {
        return cores() + " cores, " + System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                + System.getProperty("os.arch") + ", JDK " + System.getProperty("java.vm.version");
    }

    private static OperatingSystemMXBean system() {
        return ManagementFactory.getOperatingSystemMXBean();
    }
}
