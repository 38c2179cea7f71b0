package dev.parley.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.Identity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SharedBudgetTest {
    private static final int MEGABYTE = 1024 * 1024;
    private static final Holder ANN = new Holder("user ann");
    private static final Holder BOB = new Holder("user bob");

    private final SharedBudget budget = new SharedBudget(256L * MEGABYTE);
    private final List<String> ended = new ArrayList<>();

    private SharedBudget.Reservation open(String name, Holder holder) {
        return budget.open(holder, () -> ended.add(name));
    }

    private boolean take(String name, Holder holder, long count) {
        return open(name, holder).take(count);
    }

    @Test
    void who_comes_first_may_have_all_of_it() {
        assertThat(take("all", ANN, 256L * MEGABYTE)).isTrue();
        assertThat(budget.taken()).isEqualTo(256L * MEGABYTE);
        assertThat(ended).isEmpty();
    }

    @Test
    void fifty_two_messages_of_one_client_cost_that_client_one_of_them_and_the_next_one_nothing() {
        int admitted = 0;
        for (int i = 1; i <= 52; i++) {
            admitted += take("ann " + i, ANN, 5L * MEGABYTE) ? 1 : 0;
        }
        assertThat(admitted).isEqualTo(51);

        assertThat(take("bob", BOB, 5L * MEGABYTE)).isTrue();
        assertThat(ended).containsExactly("ann 1");
        assertThat(budget.taken()).isEqualTo(255L * MEGABYTE);
    }

    @Test
    void the_largest_reservation_of_who_has_most_goes_first() {
        take("small", ANN, 10L * MEGABYTE);
        SharedBudget.Reservation large = open("large", ANN);
        large.take(100L * MEGABYTE);
        take("middle", ANN, 90L * MEGABYTE);
        take("other", BOB, 56L * MEGABYTE);

        assertThat(take("more", BOB, 10L * MEGABYTE)).isTrue();
        assertThat(ended).containsExactly("large");
        assertThat(large.isEnded()).isTrue();
        assertThat(large.take(1)).as("more of what was ended").isFalse();
        large.giveAll();
        assertThat(budget.taken()).isEqualTo(166L * MEGABYTE);
    }

    @Test
    void who_has_as_much_as_any_other_is_refused_and_nobody_loses_anything() {
        take("ann", ANN, 128L * MEGABYTE);
        SharedBudget.Reservation bob = open("bob", BOB);
        bob.take(128L * MEGABYTE);

        assertThat(bob.take(1)).isFalse();
        assertThat(take("bob's other", BOB, 1)).isFalse();
        assertThat(ended).isEmpty();
        assertThat(budget.taken()).isEqualTo(256L * MEGABYTE);
    }

    @Test
    void what_is_given_back_may_be_taken_by_anybody() {
        SharedBudget.Reservation ann = open("ann", ANN);
        ann.take(256L * MEGABYTE);
        ann.give(6L * MEGABYTE);
        assertThat(take("bob", BOB, 6L * MEGABYTE)).isTrue();
        ann.giveAll();

        assertThat(budget.taken()).isEqualTo(6L * MEGABYTE);
        assertThat(ended).isEmpty();
    }

    @Test
    void a_reservation_counts_as_the_user_s_once_the_user_is_known() {
        Holder office = Holder.ofAddress("192.0.2.1");
        SharedBudget.Reservation guest = open("guest", office);
        guest.take(200L * MEGABYTE);
        SharedBudget.Reservation bob = open("bob", office);
        bob.take(50L * MEGABYTE);
        bob.belongsTo(BOB);

        assertThat(bob.take(10L * MEGABYTE)).isTrue();
        assertThat(ended).containsExactly("guest");
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "192.0.2.1, address 192.0.2.1",
        "2001:db8:1:2:3:4:5:6, 'address [8193, 3512, 1, 2]/64'",
        "2001:db8:1:2::9, 'address [8193, 3512, 1, 2]/64'",
        "2001:db8:1::9, 'address [8193, 3512, 1, 0]/64'",
        "2001:0DB8:0001:0002:ffff:ffff:ffff:ffff%eth0, 'address [8193, 3512, 1, 2]/64'",
        "::1, 'address [0, 0, 0, 0]/64'",
        "::ffff:192.0.2.1, address 192.0.2.1",
        "zzz:q.example, address q.example",
        "1:2:zzz, address 1:2:zzz",
        "unknown, address unknown"
    })
    void an_address_of_ipv6_counts_by_its_network(String address, String holder) {
        assertThat(Holder.ofAddress(address).name()).isEqualTo(holder);
    }

    @Test
    void a_guest_counts_by_the_address_and_a_user_by_the_name() {
        Identity guest = new Identity(Identity.GUEST_PREFIX + "1", Optional.empty());
        Identity ann = new Identity("ann", Optional.empty());

        assertThat(Holder.of(guest, "192.0.2.1")).isEqualTo(Holder.ofAddress("192.0.2.1"));
        assertThat(Holder.of(Identity.NOBODY, "192.0.2.1")).isEqualTo(Holder.ofAddress("192.0.2.1"));
        assertThat(Holder.of(ann, "192.0.2.1")).isEqualTo(ANN);
    }
}
