package dev.parley.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LifeTest {
    private static Life life(String... marks) {
        return Life.of(Arrays.stream(marks).map(Optional::ofNullable).toList());
    }

    @Test
    void a_life_is_another_when_one_mark_is_another() {
        assertThat(life("a", "b").isSame(life("a", "b"))).isTrue();
        assertThat(life("a", "b").isSame(life("a", "c"))).isFalse();
        assertThat(life("a", "b").isSame(life("b", "a"))).isFalse();
        assertThat(life("a", "b").isSame(life("a"))).isFalse();
    }

    @Test
    void marks_that_one_of_two_nodes_cannot_read_make_no_other_life() {
        Life all = life("a", "b", "c");
        Life some = life("a", null, "c");

        assertThat(some.isSame(all)).isTrue();
        assertThat(all.isSame(some)).isTrue();
        assertThat(some.with(all)).isEqualTo(all);
        assertThat(all.with(some)).isEqualTo(all);
        assertThat(life("x", null, "c").isSame(all)).isFalse();
    }

    @Test
    void a_life_is_read_as_it_was_written_and_fits_its_column() {
        Life life = life("a", null, "c", "d", "e", "f");

        assertThat(Life.parse(life.toString())).isEqualTo(life);
        assertThat(life.toString()).hasSizeLessThanOrEqualTo(80);
    }
}
