package dev.parley;

import static com.tngtech.archunit.core.domain.JavaModifier.PROTECTED;
import static com.tngtech.archunit.core.domain.JavaModifier.PUBLIC;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaParameter;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a team may import, and that nothing else shows through it. */
class PublicPackagesTest {
    /** Those whose Javadoc goes with {@code parley-server}. */
    static final List<String> OF_SERVER = List.of("dev.parley.api", "dev.parley.endpoint", "dev.parley.protocol");

    private static final List<String> ALL = Stream.concat(
                    OF_SERVER.stream(), Stream.of("dev.parley.client", "dev.parley.testkit"))
            .toList();

    private static final Pattern STANDARDS = Pattern.compile("(java|jakarta|org\\.jspecify)\\..*");

    /** What the test kit is made for, and signs tokens with. */
    private static final Pattern OF_TESTS = Pattern.compile("(org\\.junit|org\\.jboss|com\\.nimbusds)\\..*");

    /** Of a type, where a source names one of ours, in an import or in full. */
    private static final Pattern OURS = Pattern.compile("\\bdev\\.parley\\.[a-z]+(?=\\.[A-Z*])");

    static List<String> all() {
        return ALL;
    }

    /** Parameters, results, fields, supertypes, bounds, annotations and what is thrown. */
    @Test
    void a_public_type_shows_nothing_that_is_not_public() {
        JavaClasses all = new ClassFileImporter().importPackages(ALL);
        Set<String> leaks = new TreeSet<>();
        for (JavaClass type : all) {
            if (isShown(type)) {
                of(type).filter(seen -> !mayShow(type, seen))
                        .forEach(seen -> leaks.add(type.getName() + " shows " + seen.getName()));
                type.getMembers().stream()
                        .filter(member -> isVisible(member.getModifiers()))
                        .forEach(member -> of(member)
                                .filter(seen -> !mayShow(type, seen))
                                .forEach(seen -> leaks.add(member.getFullName() + " shows " + seen.getName())));
            }
        }

        assertThat(leaks).isEmpty();
        assertThat(all.stream().filter(PublicPackagesTest::isShown)).hasSizeGreaterThan(80);
    }

    @Test
    void the_worked_example_imports_no_more_than_a_team_may() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(Stream.concat(
                                Stream.of("dev.parley.chat", "java..", "jakarta..", "org.jspecify.."), ALL.stream())
                        .toArray(String[]::new))
                .check(new ClassFileImporter()
                        .withImportOption(new DoNotIncludeTests())
                        .importPackages("dev.parley.chat"));
    }

    static List<Path> ofTeams() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/it/orders/src"))) {
            return Stream.concat(
                            files.filter(file -> file.toString().endsWith(".java")), Stream.of(Path.of("README.md")))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("ofTeams")
    void a_project_of_its_own_imports_no_more_than_a_team_may(Path source) throws IOException {
        assertThat(OURS.matcher(Files.readString(source)).results().map(name -> name.group()))
                .isSubsetOf(ALL);
    }

    @ParameterizedTest
    @MethodSource("all")
    void a_public_package_says_that_it_is(String name) throws IOException {
        Path root = Path.of(name.endsWith("testkit") ? "src/testkit/java" : "src/main/java");

        assertThat(root.resolve(name.replace('.', '/')).resolve("package-info.java"))
                .content()
                .contains("This package is public: a team may import it");
    }

    private static boolean isShown(JavaClass type) {
        return isVisible(type.getModifiers())
                && type.getEnclosingClass().map(PublicPackagesTest::isShown).orElse(true);
    }

    private static boolean isVisible(Set<JavaModifier> modifiers) {
        return modifiers.contains(PUBLIC) || modifiers.contains(PROTECTED);
    }

    private static boolean mayShow(JavaClass by, JavaClass seen) {
        JavaClass type = seen.getBaseComponentType();
        return type.isPrimitive()
                || STANDARDS.matcher(type.getName()).matches()
                || (ALL.contains(type.getPackageName()) && isShown(type))
                || (by.getPackageName().equals("dev.parley.testkit")
                        && OF_TESTS.matcher(type.getName()).matches());
    }

    private static Stream<JavaClass> of(JavaClass type) {
        Stream<JavaType> types = Stream.of(
                        type.getSuperclass().stream(), type.getInterfaces().stream(), type.getTypeParameters().stream())
                .flatMap(some -> some);
        return Stream.concat(
                types.flatMap(one -> one.getAllInvolvedRawTypes().stream()), annotations(type.getAnnotations()));
    }

    private static Stream<JavaClass> of(JavaMember member) {
        Stream<JavaClass> seen =
                Stream.concat(member.getAllInvolvedRawTypes().stream(), annotations(member.getAnnotations()));
        if (member instanceof JavaCodeUnit unit) {
            Stream<JavaClass> parameters = unit.getParameters().stream()
                    .map(JavaParameter::getAnnotations)
                    .flatMap(PublicPackagesTest::annotations);
            seen = Stream.of(seen, unit.getExceptionTypes().stream(), parameters)
                    .flatMap(some -> some);
        }
        return seen;
    }

    private static Stream<JavaClass> annotations(Set<? extends JavaAnnotation<?>> annotations) {
        return annotations.stream().map(JavaAnnotation::getRawType);
    }
}
