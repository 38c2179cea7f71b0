package dev.parley.benchmark;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * What is asked for, by system properties: {@code parley.benchmark} is {@code full} (the default) or {@code smoke}, a
 * minute that sees whether all of it works; {@code .peers} and {@code .scenarios} are lists of names, all by default;
 * {@code .rounds}, and {@code .seconds} of each measurement.
 *
 * @param seconds of one measurement; the warming up before it takes half as long, or longer, until a message gets no cheaper
 * @param folder for what is written
 */
record Options(boolean smoke, List<Peer> peers, List<Scenario> scenarios, int rounds, double seconds, Path folder) {
    private static final String PREFIX = "parley.benchmark";
    private static final List<Peer> SMOKE = List.of(Peer.PARLEY, Peer.NETTY, Peer.FLOOR);

    static Options read() {
        String kind = property("", "full");
        if (!List.of("full", "smoke").contains(kind)) {
            throw new BenchmarkException("-D" + PREFIX + " is full or smoke, not " + kind);
        }
        boolean smoke = kind.equals("smoke");
        return new Options(
                smoke,
                chosen(".peers", Peer.values(), smoke ? SMOKE::contains : peer -> true),
                chosen(".scenarios", Scenario.values(), scenario -> true),
                Integer.parseInt(property(".rounds", smoke ? "1" : "3")),
                Double.parseDouble(property(".seconds", smoke ? "0.5" : "4")),
                Path.of(System.getProperty("parley.build.directory", "target"), "benchmark")
                        .toAbsolutePath());
    }

    /** How many clients where a thousand are meant, or five thousand. */
    int clients(int meant) {
        return smoke ? meant / 5 : meant;
    }

    double warmUp() {
        return seconds / 2;
    }

    /** As it is written on the command line. */
    static String label(Enum<?> name) {
        return name.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static <E extends Enum<E>> List<E> chosen(String key, E[] all, Predicate<E> otherwise) {
        String names = property(key, "");
        if (names.isEmpty()) {
            return Arrays.stream(all).filter(otherwise).toList();
        }
        return Arrays.stream(names.split(","))
                .map(name -> Arrays.stream(all)
                        .filter(one -> label(one).equals(name.strip()))
                        .findFirst()
                        .orElseThrow(() -> new BenchmarkException("-D" + PREFIX + key + " knows no " + name + ", but "
                                + Arrays.stream(all).map(Options::label).toList())))
                .toList();
    }

    private static String property(String key, String otherwise) {
        String value = System.getProperty(PREFIX + key, "");
        return value.isBlank() ? otherwise : value;
    }
}
