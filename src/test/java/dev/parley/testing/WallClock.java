package dev.parley.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/**
 * The wall clock of a process in a process of its own, set while it runs: libfaketime, which reads the difference from a
 * file whenever it is asked for the time. The monotonic clock goes on, as it does when an operator sets a machine's clock.
 */
public final class WallClock {
    private static final Path LIBRARIES = Path.of("/usr/lib");

    private final Path library;
    private final Path file;

    private WallClock(Path library, Path file) {
        this.library = library;
        this.file = file;
    }

    /** Right, and kept in this folder; without libfaketime the test is skipped. */
    public static WallClock in(Path folder) {
        Optional<Path> library = library();
        Assumptions.assumeTrue(library.isPresent(), "libfaketime is missing: apt-get install faketime");
        WallClock clock = new WallClock(library.orElseThrow(), folder.resolve("wall-clock"));
        clock.set(Duration.ZERO);
        return clock;
    }

    /** How much it is ahead of the machine's from now on; negative: behind. */
    public void set(Duration ahead) {
        try {
            String offset = (ahead.isNegative() ? "" : "+") + ahead.toSeconds();
            Path next = Files.writeString(file.resolveSibling("wall-clock.next"), offset);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a command begins with whose process goes by this clock. */
    public List<String> command() {
        return List.of(
                "env",
                "LD_PRELOAD=" + library,
                "FAKETIME_TIMESTAMP_FILE=" + file,
                "FAKETIME_NO_CACHE=1",
                "FAKETIME_DONT_FAKE_MONOTONIC=1",
                "FAKETIME_FORCE_MONOTONIC_FIX=0");
    }

    private static Optional<Path> library() {
        if (!Files.isDirectory(LIBRARIES)) {
            return Optional.empty();
        }
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(LIBRARIES, Files::isDirectory)) {
            for (Path folder : folders) {
                Path library = folder.resolve("faketime/libfaketime.so.1");
                if (Files.exists(library)) {
                    return Optional.of(library);
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
