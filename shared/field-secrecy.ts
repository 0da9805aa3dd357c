/** Which fields carry credentials: their values are withheld until somebody asks to see them. */

const SECRET_NAME =
  /^(?:authorization|proxy-authorization|cookie|set-cookie2?)$|api-?key|token|secret|password|session/i;

/** @param name of a field, in any case */
export function isSecretField(name: string): boolean {
  return SECRET_NAME.test(name);
}
