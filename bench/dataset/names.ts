/** Ids of loaded rows are made of their tenant's number, their kind and the person's number, so that clients can tell them. */
export function loadedId(tenantNumber: number, kind: number, person: number): string {
  return `${idHead(tenantNumber, kind)}${hexOf(person)}`;
}

/** All of an id but the person's number. It lies before every id that a service makes now. */
export function idHead(tenantNumber: number, kind: number): string {
  const hex = (value: number) => value.toString(16).padStart(4, '0');
  return `0180${hex(tenantNumber)}-${hex(kind)}-7000-8000-`;
}

export function hexOf(person: number): string {
  return person.toString(16).padStart(12, '0');
}

/** The kind of a user's id; further rows of a person have the numbers behind it. */
export const userKind = 1;

/** The name of a person, by two letters for the group of persons and a number. */
export function nameOf(letters: string, number: number): string {
  return `${letters}${String(number).padStart(9, '0')}`;
}

/** Letters of the people who are loaded. */
export const loadedLetters = 'us';
