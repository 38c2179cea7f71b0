package dev.parley.benchmark.load;

import java.util.Map;

/** What the program is to do. */
record Plan(Map<String, String> values) {

    String text(String key) {
        String value = values.get(key);
        if (value == null) {
            throw new LoadException("The argument " + key + "= is missing");
        }
        return value;
    }

    int number(String key) {
        return Integer.parseInt(text(key));
    }

    /** 0 where it is not said. */
    int numberOr0(String key) {
        return values.containsKey(key) ? number(key) : 0;
    }

    boolean says(String key) {
        return Boolean.parseBoolean(values.get(key));
    }

    Dialect dialect() {
        return Dialect.valueOf(text("dialect"));
    }

    long nanoseconds(String key) {
        return (long) (Double.parseDouble(text(key)) * 1e9);
    }
}
