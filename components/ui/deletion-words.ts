/** What a deletion from the draft does, and how it is taken back, for the question before it. */
export const deletionWords =
  "It stays in force until the draft is published, and the deletion can be undone for an hour.";
