package dev.parley.concurrent;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A thread for each task at once, for what mostly waits; whoever uses them bounds how many. Virtual threads from JDK 24 on:
 * before that one that waits within {@code synchronized} keeps a thread of all others (JEP 491). Platform threads else,
 * which end when nobody has needed them for a while. None of them keeps the process from ending.
 */
public final class WaitingThreads {
    /** JEP 491. */
    private static final int FIRST_THAT_DOES_NOT_PIN = 24;

    private static final Duration IDLE = Duration.ofSeconds(10);

    private WaitingThreads() {}

    /** @param name what the threads' names begin with */
    public static Executor named(String name) {
        if (!areVirtual()) {
            return pool(name);
        }
        ThreadFactory factory = virtual(name);
        return task -> factory.newThread(task).start();
    }

    /** Whether this JDK has virtual threads that {@code synchronized} does not pin. */
    public static boolean areVirtual() {
        return Runtime.version().feature() >= FIRST_THAT_DOES_NOT_PIN;
    }

    /** By reflection, since Java 17 knows none. */
    private static ThreadFactory virtual(String name) {
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Class<?> type = Class.forName("java.lang.Thread$Builder");
            Method named = type.getMethod("name", String.class);
            return (ThreadFactory) type.getMethod("factory").invoke(named.invoke(builder, name));
        } catch (ReflectiveOperationException e) {
            Throwable cause = e instanceof InvocationTargetException ? e.getCause() : e;
            throw new IllegalStateException("This JDK has no virtual threads", cause);
        }
    }

    private static Executor pool(String name) {
        AtomicInteger count = new AtomicInteger();
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE.toNanos(), TimeUnit.NANOSECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }
}
