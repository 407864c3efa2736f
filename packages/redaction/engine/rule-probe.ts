import { reserve } from "./arena";
import * as view from "./view";
import * as spans from "./spans";
import { refuel, isSpent } from "./match";
import { clearTexts } from "./texts";
import { findEmail } from "./email";
import { findEncoded } from "./encoded";
import { findIban } from "./iban";
import { findIdentity } from "./identity";
import { findPairs } from "./pairs";
import { findPan } from "./pan";
import { findPhone } from "./phone";
import { findProse } from "./prose";
import { findTrack, findTrailingCode } from "./sad";
import { findInsert } from "./sql";
import { findPem, findScheme, findToken, findUserinfo } from "./tokens";
const area: usize = reserve(1 << 20);
export function input(): usize { return area; }
export function load_(size: i32): void { clearTexts(); view.clear(); view.pushView(area, size); refuel(size); }
export function setUnder(at: i32, size: i32): void { view.setUnder(area + at, size); }
export function run(rule: i32): i32 {
  spans.clear(); clearTexts();
  switch (rule) {
    case 0: findTrack(); break;
    case 1: findTrailingCode(); break;
    case 2: findPairs(); break;
    case 3: findProse(); break;
    case 4: findInsert(); break;
    case 5: findToken(); break;
    case 6: findPem(); break;
    case 7: findScheme(); break;
    case 8: findUserinfo(); break;
    case 9: findPan(); break;
    case 10: findIban(); break;
    case 11: findEmail(); break;
    case 12: findPhone(); break;
    case 13: findIdentity(); break;
    case 14: findEncoded(); break;
  }
  return isSpent ? -1 : spans.size();
}
export function startOf(i: i32): i32 { return spans.startOf(i); }
export function endOf(i: i32): i32 { return spans.endOf(i); }
export function verdictOf(i: i32): u32 { return spans.verdictOf(i); }
export function canonicalOf(i: i32): usize { return spans.canonicalOf(i); }
export function canonicalSize(i: i32): i32 { return spans.canonicalSize(i); }
export function viewText(): usize { return view.text; }
export function viewLength(): i32 { return view.length; }
