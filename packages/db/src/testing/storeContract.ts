import { describe } from "vitest";
import { assetsContract } from "./contract/assetsContract.ts";
import { attemptsContract } from "./contract/attemptsContract.ts";
import { budgetContract } from "./contract/budgetContract.ts";
import { cancelContract } from "./contract/cancelContract.ts";
import { claimContract } from "./contract/claimContract.ts";
import { costsContract } from "./contract/costsContract.ts";
import { creationContract } from "./contract/creationContract.ts";
import { feedContract } from "./contract/feedContract.ts";
import { inputsContract } from "./contract/inputsContract.ts";
import { keepingContract } from "./contract/keepingContract.ts";
import { listsContract } from "./contract/listsContract.ts";
import { progressContract } from "./contract/progressContract.ts";
import { settingsContract } from "./contract/settingsContract.ts";
import { slotsContract } from "./contract/slotsContract.ts";
import { submissionsContract } from "./contract/submissionsContract.ts";
import { sweepContract } from "./contract/sweepContract.ts";
import type { OpenReachable } from "./openStudio.ts";

/**
 * What every Store must do, whatever database lies under it. `openStore` gives a new, empty one each time; each test asks
 * for the store's invariants before it lets go of it.
 */
export function storeContract(openStore: OpenReachable): void {
  describe("creating and paying", () => {
    creationContract(openStore);
  });
  describe("budgets", () => {
    budgetContract(openStore);
  });
  describe("claiming", () => {
    claimContract(openStore);
  });
  describe("slots", () => {
    slotsContract(openStore);
  });
  describe("progress", () => {
    progressContract(openStore);
  });
  describe("attempts", () => {
    attemptsContract(openStore);
  });
  describe("sweeping", () => {
    sweepContract(openStore);
  });
  describe("cancelling", () => {
    cancelContract(openStore);
  });
  describe("assets and versions", () => {
    assetsContract(openStore);
  });
  describe("inputs", () => {
    inputsContract(openStore);
  });
  describe("submissions", () => {
    submissionsContract(openStore);
  });
  describe("costs", () => {
    costsContract(openStore);
  });
  describe("the feed", () => {
    feedContract(openStore);
  });
  describe("lists and views", () => {
    listsContract(openStore);
  });
  describe("settings", () => {
    settingsContract(openStore);
  });
  describe("keeping", () => {
    keepingContract(openStore);
  });
}
