"use client";
import { Plus, X } from "lucide-react";
import { useId } from "react";
import { Button } from "#components/ui/button.tsx";
import { Input } from "#components/ui/input.tsx";
import { type FormProblems, problemAt } from "#components/ui/read-form.ts";
import { Select } from "#components/ui/select.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import { domainTestChoices } from "./policy-choices.ts";
import type { DomainRouteDraft } from "./policy-draft.ts";

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
  const errorId = useId();
  const known = routeNames.includes(route.route) ? routeNames : [route.route, ...routeNames];
  const described = problem === undefined ? {} : { "aria-describedby": errorId, "aria-invalid": true };
  return (
    <div className="flex flex-col gap-2 border-line border-s-2 ps-3">
      <div className="flex items-end gap-2">
        <Select
          aria-label={`Test of domain route ${number}`}
          value={route.test}
          onChange={({ target }) => onChange({ test: target.value, value: "" })}
        >
          {domainTestChoices.map(({ value, words }) => (
            <option key={value} value={value}>
              Domain {words}
            </option>
          ))}
        </Select>
        <Button variant="quiet" size="icon" aria-label={`Remove domain route ${number}`} onClick={onRemove}>
          <X aria-hidden size={16} />
        </Button>
      </div>
      <DomainValue route={route} number={number} lists={lists} described={described} onChange={onChange} />
      <Select
        aria-label={`Route of domain route ${number}`}
        value={route.route}
        onChange={({ target }) => onChange({ route: target.value })}
      >
        {known.map((name) => (
          <option key={name} value={name}>
            goes over {name}
          </option>
        ))}
      </Select>
      {problem !== undefined && (
        <p id={errorId} className="text-deny">
          {problem}
        </p>
      )}
    </div>
  );
}

type DomainValueProps = Pick<OneRouteProps, "route" | "number" | "lists" | "onChange"> & { described: object };

function DomainValue({ route: { test, value }, number, lists, described, onChange }: DomainValueProps) {
  const control = {
    "aria-label": `Value of domain route ${number}`,
    ...described,
    value,
    onChange: ({ target }: { target: { value: string } }) => onChange({ value: target.value }),
  };
  if (test === "inList") {
    return (
      <Select {...control}>
        <option value="">Choose a list…</option>
        {lists.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </Select>
    );
  }
  if (test === "in") {
    return <Textarea {...control} className="font-mono" rows={3} spellCheck={false} placeholder="one domain a line" />;
  }
  return <Input {...control} className="font-mono" placeholder="example.org" />;
}
