import { describe, expectTypeOf, it } from "vitest";
import type { Asset, AssetId, Credits, ProjectId } from "@reelstate/lifecycle";
import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";
import type {
  AssetHistory,
  AssetPageAnswer,
  BudgetAnswer,
  CreateInput,
  CreditEntry,
  CreditsAnswer,
  JobSummary,
  ListInput,
  ModelCard,
  Project,
  ProviderCard,
  ProviderCheck,
  Quote,
} from "./index.ts";
import type { AppRouter, ErrorFacts } from "./router/index.ts";

type Inputs = inferRouterInputs<AppRouter>;
type Outputs = inferRouterOutputs<AppRouter>;

describe("types that the clients infer", () => {
  it("what people send", () => {
    expectTypeOf<{ type: "image"; prompt: string }>().toExtend<Inputs["assets"]["create"]>();
    expectTypeOf<{ prompt: string }>().not.toExtend<Inputs["assets"]["create"]>();
    expectTypeOf<{ type: "audio"; prompt: string }>().not.toExtend<Inputs["assets"]["create"]>();
    expectTypeOf<Inputs["assets"]["quote"]>().toEqualTypeOf<Inputs["assets"]["create"]>();
    expectTypeOf<Inputs["assets"]["list"]>().toHaveProperty("limit").toEqualTypeOf<number | undefined>();
    expectTypeOf<Inputs["assets"]["get"]>().toEqualTypeOf<{ id: AssetId }>();
    expectTypeOf<string>().not.toExtend<Inputs["assets"]["get"]["id"]>();
    expectTypeOf<Inputs["assets"]["regenerate"]>().toHaveProperty("prompt").toEqualTypeOf<string | undefined>();
    expectTypeOf<Inputs["assets"]["retry"]>().not.toHaveProperty("prompt");
    expectTypeOf<Inputs["projects"]["create"]>().toEqualTypeOf<{ name: string }>();
    expectTypeOf<undefined>().toExtend<Inputs["jobs"]["list"]>();
    expectTypeOf<undefined>().toExtend<Inputs["credits"]["entries"]>();
    expectTypeOf<undefined>().toExtend<Inputs["events"]["live"]>();
  });

  it("what the ports are told: defaults filled in, ids branded", () => {
    expectTypeOf<ListInput["limit"]>().toEqualTypeOf<number>();
    expectTypeOf<CreateInput["projectId"]>().toEqualTypeOf<ProjectId | undefined>();
    expectTypeOf<CreateInput["inputs"]>().toEqualTypeOf<AssetId[] | undefined>();
  });

  it("what people get: the contract's own types, as JSON leaves them (writable, which is assignable either way)", () => {
    expectTypeOf<Outputs["assets"]["create"]["assets"]>().toExtend<readonly Asset[]>();
    expectTypeOf<Outputs["assets"]["quote"]>().toExtend<Quote>();
    expectTypeOf<Outputs["assets"]["list"]>().toExtend<AssetPageAnswer>();
    expectTypeOf<Outputs["assets"]["history"]>().toExtend<AssetHistory>();
    expectTypeOf<Outputs["assets"]["get"]>().toExtend<Asset>();
    expectTypeOf<Outputs["assets"]["cancel"]>().toExtend<Asset>();
    expectTypeOf<Outputs["assets"]["retry"]>().toExtend<Asset>();
    expectTypeOf<Outputs["assets"]["regenerate"]>().toExtend<Asset>();
    expectTypeOf<Outputs["assets"]["recover"]>().toExtend<Asset>();
    expectTypeOf<Outputs["assets"]["delete"]>().toExtend<{ readonly id: AssetId }>();
    expectTypeOf<Outputs["jobs"]["list"]>().toExtend<readonly JobSummary[]>();
    expectTypeOf<Outputs["models"]["list"]>().toExtend<readonly ModelCard[]>();
    expectTypeOf<Outputs["projects"]["list"]>().toExtend<readonly Project[]>();
    expectTypeOf<Outputs["projects"]["create"]>().toExtend<Project>();
    expectTypeOf<Outputs["settings"]["budget"]["set"]>().toExtend<BudgetAnswer>();
    expectTypeOf<Outputs["settings"]["providers"]["list"]["providers"]>().toExtend<readonly ProviderCard[]>();
    expectTypeOf<Outputs["settings"]["providers"]["save"]>().toExtend<ProviderCard>();
    expectTypeOf<Outputs["settings"]["providers"]["check"]>().toExtend<ProviderCheck>();
    expectTypeOf<Outputs["credits"]["summary"]>().toExtend<CreditsAnswer>();
    expectTypeOf<Outputs["credits"]["entries"]>().toExtend<readonly CreditEntry[]>();
  });

  it("no answer is any, and none promises what a refusal or a deletion leaves out", () => {
    expectTypeOf<Outputs["assets"]["get"]>().not.toBeAny();
    expectTypeOf<Outputs["assets"]["list"]["items"][number]>().not.toBeAny();
    expectTypeOf<Outputs["assets"]["get"]>().not.toBeNullable();
    expectTypeOf<Outputs["assets"]["delete"]>().not.toExtend<Asset>();
    expectTypeOf<Outputs["assets"]["list"]["nextCursor"]>().toEqualTypeOf<string | null>();
    expectTypeOf<Outputs["credits"]["summary"]["balance"]>().toEqualTypeOf<Credits>();
  });

  it("what an error carries", () => {
    expectTypeOf<AppRouter["_def"]["_config"]["$types"]["errorShape"]["data"]>().toExtend<ErrorFacts>();
    expectTypeOf<AppRouter["_def"]["_config"]["$types"]["errorShape"]["data"]>().not.toHaveProperty("stack");
  });
});
