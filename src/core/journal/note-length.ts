/** Characters of an owner's note: it is part of every later prompt. */
export const maxNoteCharacters = 4000;
