package dev.parley.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Folders and jars of classes that a compiler writes. They are looked at, since what the JDK has to be told of changes takes
 * ten seconds on some systems; a change counts once nothing has changed for a moment, so that a compiler has written all.
 */
final class WatchedClasses {
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final List<Path> roots;

    WatchedClasses(List<Path> roots) {
        this.roots = List.copyOf(roots);
    }

    /** When each file was written last, and how large it is: two that differ are of different classes. */
    record State(Map<Path, Written> files) {
        boolean isEmpty() {
            return files.isEmpty();
        }
    }

    private record Written(FileTime at, long size) {}

    List<Path> roots() {
        return roots;
    }

    /** What is there now. */
    State state() {
        Map<Path, Written> files = new HashMap<>();
        for (Path root : roots) {
            try (Stream<Path> all = Files.exists(root) ? Files.walk(root) : Stream.empty()) {
                for (Path file : all.toList()) {
                    BasicFileAttributes of = Files.readAttributes(file, BasicFileAttributes.class);
                    if (of.isRegularFile()) {
                        files.put(file, new Written(of.lastModifiedTime(), of.size()));
                    }
                }
            } catch (NoSuchFileException | UncheckedIOException e) {
                // It is being written: the next look is another one
                return new State(Map.of());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new State(files);
    }

    /** Waits until it is another than before, and written to its end. */
    State awaitChange(State before) throws InterruptedException {
        State last = before;
        while (true) {
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
            State now = state();
            if (!now.isEmpty() && now.equals(last) && !now.equals(before)) {
                return now;
            }
            last = now;
        }
    }

    /**
     * Copies all into a folder, so that what runs is whole while the next is written.
     *
     * @return the folders and jars in it, in the order of those that are watched
     */
    List<Path> copyTo(Path folder) throws IOException {
        List<Path> copies = new ArrayList<>();
        for (Path root : roots) {
            if (Files.exists(root)) {
                Path copy = folder.resolve(copies.size() + "-" + root.getFileName());
                copy(root, copy);
                copies.add(copy);
            }
        }
        return copies;
    }

    private static void copy(Path root, Path target) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path file : all.toList()) {
                Path copy = target.resolve(root.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
    }
}
