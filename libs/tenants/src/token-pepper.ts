/** Injection token of the key under which token hashes are made. */
export const TOKEN_PEPPER = Symbol('TOKEN_PEPPER');
