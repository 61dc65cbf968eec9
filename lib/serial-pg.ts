import { PrismaPg } from "@prisma/adapter-pg";

/**
 * PrismaPg, but the statements of a transaction go one after the other. Prisma asks for all relations of a row at once, in a transaction too, which
 * has one connection: pg only queues a second statement for now, with a warning, and will refuse it.
 */
export class SerialPg extends PrismaPg {
  override async connect() {
    const adapter = await super.connect();
    const start = adapter.startTransaction.bind(adapter);
    adapter.startTransaction = async (isolationLevel) => {
      const tx = await start(isolationLevel);
      const inTurn = oneAtATime();
      const query = tx.queryRaw.bind(tx);
      const execute = tx.executeRaw.bind(tx);
      tx.queryRaw = (statement) => inTurn(() => query(statement));
      tx.executeRaw = (statement) => inTurn(() => execute(statement));
      return tx;
    };
    return adapter;
  }
}

/** Each work begins when the one before it has ended, however that was. */
function oneAtATime() {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work);
    last = mine.catch(() => {});
    return mine;
  };
}
