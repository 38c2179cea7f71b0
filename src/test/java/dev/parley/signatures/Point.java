package dev.parley.signatures;

/** What a team's own Encoders and Decoders are of. */
public record Point(int x, int y) {
    static Point parse(String text) {
        String[] numbers = text.split(",", -1);
        return new Point(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
    }

    String text() {
        return x + "," + y;
    }
}
