/** An idempotency key: random, unguessable. (`crypto.randomUUID` needs a secure context, which http from elsewhere is not.) */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}
