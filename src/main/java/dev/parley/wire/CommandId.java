package dev.parley.wire;

import java.util.OptionalLong;

/**
 * Finds the id of a command in a line that cannot be read as one, so that whoever waits for its answer is given one. Strings
 * and brackets are told apart; all else may be as wrong as it likes.
 */
final class CommandId {
    private static final String NAME = "\"id\"";

    private final String line;
    private int at;

    private CommandId(String line) {
        this.line = line;
    }

    /** The first {@code "id"} of the outermost object, where it is a whole number and the line goes on behind it. */
    static OptionalLong find(String line) {
        return new CommandId(line).find();
    }

    private OptionalLong find() {
        int depth = 0;
        while (at < line.length()) {
            char c = line.charAt(at);
            if (c == '"') {
                int begin = at;
                skipString();
                if (depth == 1 && isId(begin)) {
                    return number();
                }
                continue;
            }
            if (c == '{' || c == '[') {
                depth++;
            } else if ((c == '}' || c == ']') && --depth == 0) {
                return OptionalLong.empty();
            }
            at++;
        }
        return OptionalLong.empty();
    }

    private void skipString() {
        at++;
        while (at < line.length() && line.charAt(at) != '"') {
            at += line.charAt(at) == '\\' ? 2 : 1;
        }
        at++;
    }

    /** Whether the string that begins there is that name, before a colon. */
    private boolean isId(int begin) {
        if (at - begin != NAME.length() || !line.startsWith(NAME, begin)) {
            return false;
        }
        skipBlanks();
        boolean named = at < line.length() && line.charAt(at) == ':';
        at += named ? 1 : 0;
        return named;
    }

    private OptionalLong number() {
        skipBlanks();
        int begin = at;
        while (at < line.length() && ",}] \t\r".indexOf(line.charAt(at)) < 0) {
            at++;
        }
        long id = at == line.length() ? -1 : Fields.wholeNumber(new Json.Digits(line.substring(begin, at)));
        return id < 0 ? OptionalLong.empty() : OptionalLong.of(id);
    }

    private void skipBlanks() {
        while (at < line.length() && " \t\r".indexOf(line.charAt(at)) >= 0) {
            at++;
        }
    }
}
