/** A key that nobody else has. `crypto.randomUUID` is there only where the page came over https or from this machine. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}
