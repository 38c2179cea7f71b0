package dev.parley.http;

import dev.parley.security.Identity;
import jakarta.enterprise.context.RequestScoped;

/**
 * Who sends the request that is being answered: inject it into a resource, a provider, or what these call, of whatever
 * scope. What a request shows has been looked at by then: who shows a token that is not right is answered with 401 and comes
 * no further.
 *
 * <pre>{@code
 * @Inject RequestCaller caller;
 *
 * @POST public void place(Order order) {
 *     orders.place(caller.identity().user(), order);
 * }
 * }</pre>
 */
@RequestScoped
public class RequestCaller {
    private Identity identity = Identity.NOBODY;

    /** {@link Identity#NOBODY} outside of a request for a resource. */
    public Identity identity() {
        return identity;
    }

    void is(Identity caller) {
        identity = caller;
    }
}
