package dev.parley.api;

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
public interface RequestCaller {
    /**
     * A guest where nothing was shown, and {@link Identity#NOBODY} outside of a request for a resource.
     *
     * @throws jakarta.enterprise.context.ContextNotActiveException where there is no request, as in a timer
     */
    Identity identity();
}
