/**
 * The key under which a lookup table keeps a value: its first code points. What follows is left to the exact comparison
 * with the document, so that a value of any length is found.
 */
export function lookupKey(comparable: string, keyLength: number): string {
  // A text has at least half as many code points as code units: most need not be counted.
  return comparable.length <= keyLength ? comparable : [...comparable].slice(0, keyLength).join('');
}
