import { formatBytes } from "#components/ui/format.ts";
import type { MailboxRecord } from "#core/contract/event.ts";
import { Fact, FactList } from "./fact.tsx";

/** What a POP3 session did with its mailbox. */
export function MailboxFacts({ mailbox }: { mailbox: MailboxRecord }) {
  const { messages, bytes, retrieved, retrievedBytes, looked, replaced, changed, deleted, kept, committed } = mailbox;
  return (
    <FactList>
      <Fact name="At login">
        {messages === null ? "not asked for" : `${counted(messages)}, ${formatBytes(bytes ?? 0)}`}
      </Fact>
      <Fact name="Retrieved">
        {counted(retrieved)}, {formatBytes(retrievedBytes)}
      </Fact>
      <Fact name="By a notice">{replaced}</Fact>
      <Fact name="Changed">{changed}</Fact>
      <Fact name="Tops looked at">{looked}</Fact>
      <Fact name="Deleted">{deletedWords(deleted, committed)}</Fact>
      {kept > 0 && <Fact name="Kept by policy">{counted(kept)} that the client wanted to delete</Fact>}
    </FactList>
  );
}

/** RFC 1939 §6: only QUIT deletes. */
function deletedWords(deleted: number, committed: boolean): string {
  if (deleted === 0) return "none";
  return committed ? counted(deleted) : `none: ${counted(deleted)} marked, but the client did not quit`;
}

function counted(messages: number): string {
  return messages === 1 ? "1 message" : `${messages} messages`;
}
