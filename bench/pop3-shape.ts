/** What is in a mailbox of the benchmark. */
export type MailboxShape = {
  /** Of each message. */
  bytes: number;
  messages: number;
};

/** A user whose name says what the mailbox holds. */
export function userOfShape({ bytes, messages }: MailboxShape): string {
  return `bench-${bytes}-${messages}`;
}

export function shapeOfUser(user: string): MailboxShape {
  const [, bytes = "0", messages = "0"] = user.split("-");
  return { bytes: Number(bytes), messages: Number(messages) };
}
