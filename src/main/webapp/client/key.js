/** A random idempotency key, to publish with. (`crypto.randomUUID` needs a secure context.) */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}
