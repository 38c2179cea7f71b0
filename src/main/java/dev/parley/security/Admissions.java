package dev.parley.security;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts connections, in all and for each address; whoever is let in holds a ticket until the connection ends. */
final class Admissions {
    private final int most;
    private final int mostOfAddress;
    private final Refusal full;
    private final Refusal fullForAddress;
    private final AtomicInteger all = new AtomicInteger();
    private final Map<String, Integer> ofAddress = new ConcurrentHashMap<>();

    /** For both, 0 is no limit. */
    Admissions(int most, int mostOfAddress) {
        this.most = most;
        this.mostOfAddress = mostOfAddress;
        this.full = new Refusal(
                503, "The server may have " + most + " connections (parley.limits.connections). Try again later.");
        this.fullForAddress = new Refusal(
                429,
                "Your address may have " + mostOfAddress + " connections (parley.limits.connections-per-address).");
    }

    Admission admit(String address) {
        if (all.incrementAndGet() > most && most > 0) {
            all.decrementAndGet();
            return Admission.refused(full);
        }
        if (mostOfAddress > 0 && ofAddress.merge(address, 1, Integer::sum) > mostOfAddress) {
            leave(address);
            return Admission.refused(fullForAddress);
        }
        return Admission.admitted(new CountedTicket(address));
    }

    int count() {
        return all.get();
    }

    private void leave(String address) {
        all.decrementAndGet();
        if (mostOfAddress > 0) {
            ofAddress.computeIfPresent(address, (key, count) -> count > 1 ? count - 1 : null);
        }
    }

    private final class CountedTicket implements Ticket {
        private final String address;
        private final AtomicBoolean released = new AtomicBoolean();

        private CountedTicket(String address) {
            this.address = address;
        }

        @Override
        public void release() {
            if (released.compareAndSet(false, true)) {
                leave(address);
            }
        }
    }
}
