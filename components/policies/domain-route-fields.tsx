"use client";
import { Plus, X } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { type FormProblems, problemAt } from "#components/ui/read-form.ts";
import { textTestChoices } from "./policy-choices.ts";
import type { DomainRouteDraft } from "./policy-draft.ts";
import { RouteSelect } from "./route-select.tsx";
import { TextTestFields } from "./text-test-fields.tsx";

type DomainRouteFieldsProps = {
  routes: readonly DomainRouteDraft[];
  /** What can be chosen. */
  routeNames: readonly string[];
  lists: readonly string[];
  problems: FormProblems;
  onChange: (routes: DomainRouteDraft[]) => void;
};

/** Other routes for some recipient domains; the first that fits takes the recipient. */
export function DomainRouteFields({ routes, routeNames, lists, problems, onChange }: DomainRouteFieldsProps) {
  const add = () => {
    const key = Math.max(-1, ...routes.map((route) => route.key)) + 1;
    onChange([...routes, { key, test: "is", value: "", route: routeNames[0] ?? "" }]);
  };
  return (
    <div className="flex flex-col gap-2">
      <p className="font-medium">Other routes by recipient domain</p>
      <p className="text-muted">The first that fits takes the recipient; none: the route above.</p>
      {routes.map((route, index) => (
        <OneRoute
          key={route.key}
          route={route}
          number={index + 1}
          routeNames={routeNames}
          lists={lists}
          problem={
            problemAt(problems, `to.routes.${index}.recipientDomain`) ?? problemAt(problems, `to.routes.${index}.route`)
          }
          onChange={(change) =>
            onChange(routes.map((other) => (other.key === route.key ? { ...other, ...change } : other)))
          }
          onRemove={() => onChange(routes.filter((other) => other.key !== route.key))}
        />
      ))}
      <Button size="small" className="self-start" onClick={add}>
        <Plus aria-hidden size={14} />
        Add route by domain
      </Button>
    </div>
  );
}

type OneRouteProps = {
  route: DomainRouteDraft;
  number: number;
  routeNames: readonly string[];
  lists: readonly string[];
  problem: string | undefined;
  onChange: (change: Partial<DomainRouteDraft>) => void;
  onRemove: () => void;
};

function OneRoute({ route, number, routeNames, lists, problem, onChange, onRemove }: OneRouteProps) {
  return (
    <div className="flex flex-col gap-2 border-line border-s-2 ps-3">
      <TextTestFields
        labels={{ test: `Test of domain route ${number}`, value: `Value of domain route ${number}` }}
        subject="Domain"
        of={route}
        choices={textTestChoices}
        lists={lists}
        placeholder="example.org"
        problem={problem}
        command={
          <Button variant="quiet" size="icon" aria-label={`Remove domain route ${number}`} onClick={onRemove}>
            <X aria-hidden size={16} />
          </Button>
        }
        onChange={onChange}
      />
      <RouteSelect
        label={`Route of domain route ${number}`}
        route={route.route}
        routeNames={routeNames}
        onChange={onChange}
      />
    </div>
  );
}
