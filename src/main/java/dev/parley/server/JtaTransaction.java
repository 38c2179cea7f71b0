package dev.parley.server;

import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/** The transaction of the calling thread, where an application server has one (Jakarta Transactions 2.0, section 3.7). */
final class JtaTransaction {
    private static final String REGISTRY = "java:comp/TransactionSynchronizationRegistry";

    private final TransactionSynchronizationRegistry registry;

    private JtaTransaction(TransactionSynchronizationRegistry registry) {
        this.registry = registry;
    }

    /** @throws IllegalStateException when there is none */
    @SuppressWarnings("BanJNDI") // the name is the platform's, never a client's
    static JtaTransaction current() {
        try {
            Object found = new InitialContext().lookup(REGISTRY);
            if (found instanceof TransactionSynchronizationRegistry registry
                    && registry.getTransactionStatus() != Status.STATUS_NO_TRANSACTION) {
                return new JtaTransaction(registry);
            }
        } catch (NamingException e) {
            throw new IllegalStateException(
                    "There is no Jakarta Transactions here; publish with the connection of your own transaction.", e);
        }
        throw new IllegalStateException("This thread has no transaction: publish within one, or with Channels.");
    }

    /** Does it when this transaction has been committed, and not if it is rolled back. */
    void afterCommit(Runnable action) {
        registry.registerInterposedSynchronization(new Synchronization() {
            @Override
            public void beforeCompletion() {
                // nothing of ours is left to be written
            }

            @Override
            public void afterCompletion(int status) {
                if (status == Status.STATUS_COMMITTED) {
                    action.run();
                }
            }
        });
    }
}
