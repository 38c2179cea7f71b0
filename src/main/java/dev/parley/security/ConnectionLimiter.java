package dev.parley.security;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts connections, in all and for each address; whoever is let in holds a permit until the connection ends. */
final class ConnectionLimiter {
    private final int most;
    private final int mostOfAddress;
    private final Refusal full;
    private final Refusal fullForAddress;
    private final AtomicInteger all = new AtomicInteger();
    private final Map<String, Integer> ofAddress = new ConcurrentHashMap<>();

    /**
     * For both, 0 is no limit.
     *
     * @param key the setting of the first
     */
    ConnectionLimiter(String key, int most, int mostOfAddress) {
        this.most = most;
        this.mostOfAddress = mostOfAddress;
        this.full = new Refusal(503, "The server may have " + most + " connections (" + key + "). Try again later.");
        this.fullForAddress = new Refusal(
                429,
                "Your address may have " + mostOfAddress + " connections (parley.limits.connections-per-address).");
    }

    Admission admit(String address) {
        Admission any = admitAny();
        return any.refusal().isPresent() ? any : admitOfAddress(address, any.permit());
    }

    /** Whatever its address. */
    Admission admitAny() {
        if (all.incrementAndGet() > most && most > 0) {
            all.decrementAndGet();
            return Admission.refused(full);
        }
        return Admission.admitted(new OnceTicket(all::decrementAndGet));
    }

    /** Of one that has its place among all already. */
    Admission admitOfAddress(String address) {
        return admitOfAddress(address, Optional.empty());
    }

    private Admission admitOfAddress(String address, Optional<ConnectionPermit> among) {
        if (mostOfAddress > 0 && ofAddress.merge(address, 1, Integer::sum) > mostOfAddress) {
            leave(address);
            among.ifPresent(ConnectionPermit::release);
            return Admission.refused(fullForAddress);
        }
        return Admission.admitted(new OnceTicket(() -> {
            leave(address);
            among.ifPresent(ConnectionPermit::release);
        }));
    }

    boolean countsAddresses() {
        return mostOfAddress > 0;
    }

    int count() {
        return all.get();
    }

    private void leave(String address) {
        if (mostOfAddress > 0) {
            ofAddress.computeIfPresent(address, (key, count) -> count > 1 ? count - 1 : null);
        }
    }

    /** However often it is released, it counts once. */
    private static final class OnceTicket implements ConnectionPermit {
        private final Runnable release;
        private final AtomicBoolean released = new AtomicBoolean();

        private OnceTicket(Runnable release) {
            this.release = release;
        }

        @Override
        public void release() {
            if (released.compareAndSet(false, true)) {
                release.run();
            }
        }
    }
}
