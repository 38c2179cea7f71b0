package dev.parley.browser;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** What of the system a test needs. Where it is not, the test counts as skipped, and the report says what is missing. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(Needs.Condition.class)
@interface Needs {
    Program[] value();

    enum Program {
        CHROMIUM,
        FIREFOX,
        HAPROXY,
        NGINX,
        NODE,
        NPM;

        /** Where Debian has servers, which is on the PATH of root only. */
        private static final String SERVERS = "/usr/sbin";

        boolean isThere() {
            return this == CHROMIUM ? Files.isExecutable(Chromium.EXECUTABLE) : found().isPresent();
        }

        /** Where it is; its name alone, where it is nowhere. */
        String path() {
            return found().map(Path::toString).orElse(lowerCaseName());
        }

        private Optional<Path> found() {
            String path = System.getenv("PATH") + ":" + SERVERS;
            return Arrays.stream(path.split(":", -1))
                    .map(folder -> Path.of(folder, lowerCaseName()))
                    .filter(Files::isExecutable)
                    .findFirst();
        }

        String lowerCaseName() {
            return switch (this) {
                case CHROMIUM -> "chromium";
                case FIREFOX -> "firefox-esr";
                case HAPROXY -> "haproxy";
                case NGINX -> "nginx";
                case NODE -> "node";
                case NPM -> "npm";
            };
        }

        String missing() {
            return this == CHROMIUM
                    ? "There is no Chromium at " + Chromium.EXECUTABLE + "; -Dparley.test.chromium=… says where one is."
                    : "There is no " + lowerCaseName() + " on the PATH.";
        }
    }

    /** Looks for the programs before anything of the class is run. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            List<String> missing = context.getElement()
                    .flatMap(element -> AnnotationSupport.findAnnotation(element, Needs.class))
                    .map(needs -> Arrays.stream(needs.value())
                            .filter(program -> !program.isThere())
                            .map(Program::missing)
                            .toList())
                    .orElse(List.of());
            return missing.isEmpty()
                    ? ConditionEvaluationResult.enabled("All is there.")
                    : ConditionEvaluationResult.disabled(String.join(" ", missing));
        }
    }
}
