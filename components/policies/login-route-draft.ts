import { textOf } from "#components/ui/read-form.ts";
import type { Policy } from "#core/contract/policy-document.ts";
import { type TextTestDraft, testDraftOf, testInput } from "./text-test-draft.ts";

/** Another route for some users; neither test: it is for nobody, and refused. */
export type UserRouteDraft = { key: number; user: TextTestDraft; domain: TextTestDraft; route: string };
/** A server that clients may choose by name. */
export type ServerDraft = { key: number; server: string; route: string };

/** Where POP3 logins go besides the policy's route, as the form holds it. What the box hides stays, and is not read. */
export type LoginRoutesDraft = {
  userRoutes: UserRouteDraft[];
  choosesServer: boolean;
  separator: string;
  servers: ServerDraft[];
};

export function loginRoutesDraftOf({ userRoutes, serverChoice }: Policy["to"]): LoginRoutesDraft {
  return {
    userRoutes: userRoutes.map(({ user, domain, route }, key) => ({
      key,
      user: testDraftOf(user),
      domain: testDraftOf(domain),
      route,
    })),
    choosesServer: serverChoice !== undefined,
    separator: serverChoice?.separator ?? "%",
    servers: serverChoice?.servers.map((server, key) => ({ key, ...server })) ?? [],
  };
}

export const noLoginRoutes = loginRoutesDraftOf({ interface: "", route: "", routes: [], userRoutes: [] });

export function newUserRoute(key: number, route: string): UserRouteDraft {
  return { key, user: { test: "", value: "" }, domain: { test: "is", value: "" }, route };
}

export function newServer(key: number, route: string): ServerDraft {
  return { key, server: "", route };
}

/** What the fields say, not yet parsed. */
export function loginRoutesInput({ userRoutes, choosesServer, separator, servers }: LoginRoutesDraft) {
  return {
    userRoutes: userRoutes.map(({ user, domain, route }) => ({
      user: testInput(user),
      domain: testInput(domain),
      route,
    })),
    ...(choosesServer && {
      serverChoice: { separator, servers: servers.map(({ server, route }) => ({ server: textOf(server), route })) },
    }),
  };
}
