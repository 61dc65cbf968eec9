import type { Policy, Route, UserRoute } from "#core/contract/policy-document.ts";
import { foldAscii } from "#core/match/ascii-fold.ts";
import type { CompiledLists } from "./compile-condition.ts";
import { textTest } from "./compile-envelope.ts";

/** Where a login goes. `user`: the name that the server hears. */
export type LoginRoute = { user: string; route: Route };

export type CompiledLoginRoutes = {
  /** The routes that a login can take, the policy's usual one first. */
  routes: readonly Route[];
  /** The route of every login, whoever logs in, under the name that the client said; null: it hangs on the user. */
  fixed: Route | null;
  /** Null: the client named a server that is not among those it may choose. */
  routeOf(user: string): LoginRoute | null;
};

/** The route of a POP3 login: by the server that the client names behind the user, then by the policy's rules, else the usual one. */
export function compileLoginRoutes(
  { to }: Policy,
  usual: Route,
  routes: ReadonlyMap<string, Route>,
  lists: CompiledLists,
): CompiledLoginRoutes {
  const byUser = to.userRoutes.flatMap((userRoute) => {
    const route = routes.get(userRoute.route);
    return route === undefined ? [] : [{ fits: compileUserTest(userRoute, lists), route }];
  });
  const { separator = "%", servers = [] } = to.serverChoice ?? {};
  const chosen = new Map(servers.flatMap(({ server, route }) => [[foldAscii(server), routes.get(route)]] as const));
  const all = [
    usual,
    ...byUser.map(({ route }) => route),
    ...[...chosen.values()].filter((route) => route !== undefined),
  ];
  const distinct = [...new Set(all)];
  return {
    routes: distinct,
    fixed: distinct.length === 1 && chosen.size === 0 ? usual : null,
    routeOf: (login) => {
      const at = chosen.size === 0 ? -1 : login.lastIndexOf(separator);
      if (at === -1) return { user: login, route: byUser.find(({ fits }) => fits(login))?.route ?? usual };
      const route = chosen.get(foldAscii(login.slice(at + 1)));
      return route === undefined || at === 0 ? null : { user: login.slice(0, at), route };
    },
  };
}

/** Whether a route by user takes a login. */
export function compileUserTest(
  { user, domain }: Pick<UserRoute, "user" | "domain">,
  lists: CompiledLists,
): (login: string) => boolean {
  const fitsUser = textTest(user, lists);
  const fitsDomain = textTest(domain, lists);
  return (login) => fitsUser([login]) && fitsDomain([domainOfUser(login)]);
}

/** What stands behind the last @ of a mailbox user, or nothing. */
export function domainOfUser(user: string): string {
  const at = user.lastIndexOf("@");
  return at === -1 ? "" : user.slice(at + 1);
}
