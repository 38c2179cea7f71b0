package dev.parley.e2e;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.parley.standalone.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;

/**
 * {@link Main}, in a process that ends with the one that started it, however that ends: then its standard input does.
 * A line of input is answered with what is alive in memory, and how many threads and open files there are.
 */
final class ServerMain {
    static final String MEMORY = "memory ";
    private static final int COLLECTIONS = 3;

    private ServerMain() {}

    public static void main(String[] args) {
        answerInput();
        Main.main(args);
    }

    static void answerInput() {
        Thread thread = new Thread(ServerMain::answer, "input");
        thread.setDaemon(true);
        thread.start();
    }

    @SuppressWarnings("SystemOut") // the one who asks reads it there
    private static void answer() {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            while (in.readLine() != null) {
                System.out.println(MEMORY + alive() + " " + direct() + " " + threads() + " " + files());
            }
        } catch (IOException e) {
            // as if it had ended
        }
        Runtime.getRuntime().halt(1);
    }

    private static long alive() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static int threads() {
        return ManagementFactory.getThreadMXBean().getThreadCount();
    }

    /** Open files and connections; 0 where nobody counts them. */
    private static long files() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : 0;
    }

    private static long direct() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }
}
