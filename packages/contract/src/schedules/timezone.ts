import { MOST_TIMEZONE_CHARACTERS } from '../limits.ts';

/**
 * Whether a name is a time zone of the IANA database, in the database's spelling: `Europe/Berlin`, `US/Eastern`,
 * `UTC`, but not `utc`, and not an offset such as `+01:00`. Works without Temporal, which browsers and Node 22 do not
 * have.
 */
export function isTimezone(name: string): boolean {
  if (name.length > MOST_TIMEZONE_CHARACTERS || notZones.test(name) || !isKnownToTemporal(name)) return false;
  const resolved = resolve(name);
  if (resolved === undefined) return false;
  if (resolved === name) return true;
  const lowerCase = name.toLowerCase();
  if (resolved.toLowerCase() === lowerCase) return false;
  const spelled = timezoneAliases.find((alias) => alias.toLowerCase() === lowerCase);
  // An alias younger than this list can only be a renamed city.
  return spelled === undefined ? name.includes('/') : spelled === name;
}

/**
 * Names that engines accept as time zones but that are not in the database: offsets, System V's rules, a zone that
 * never existed.
 */
const notZones = /^(?:[+-]|SystemV\/|US\/Pacific-New$)/i;

/** Intl knows more names than Temporal, which expands schedules. Returns true if Temporal is missing. */
function isKnownToTemporal(name: string): boolean {
  if (!('Temporal' in globalThis)) return true;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}

/** The zone that an engine uses for a name, with aliases resolved; undefined if the zone is unknown. */
function resolve(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

/**
 * Names that engines replace with another name of the same zone, so their spelling cannot be checked with the engine.
 * A name that an engine keeps can be in this list without effect.
 * @internal for tests
 */
export const timezoneAliases: readonly string[] = `
Africa/Asmara Africa/Timbuktu America/Argentina/Buenos_Aires America/Argentina/Catamarca
America/Argentina/ComodRivadavia America/Argentina/Cordoba America/Argentina/Jujuy America/Argentina/Mendoza
America/Atikokan America/Atka America/Ensenada America/Fort_Wayne America/Indiana/Indianapolis
America/Kentucky/Louisville America/Knox_IN America/Montreal America/Nipigon America/Nuuk
America/Pangnirtung America/Porto_Acre America/Rainy_River America/Rosario America/Santa_Isabel
America/Shiprock America/Thunder_Bay America/Virgin America/Yellowknife Antarctica/South_Pole Asia/Ashkhabad
Asia/Choibalsan Asia/Chongqing Asia/Chungking Asia/Dacca Asia/Harbin Asia/Ho_Chi_Minh Asia/Istanbul
Asia/Kashgar Asia/Kathmandu Asia/Kolkata Asia/Macao Asia/Tel_Aviv Asia/Thimbu Asia/Ujung_Pandang
Asia/Ulan_Bator Asia/Yangon Atlantic/Faroe Atlantic/Jan_Mayen Australia/ACT Australia/Canberra
Australia/Currie Australia/LHI Australia/NSW Australia/North Australia/Queensland Australia/South
Australia/Tasmania Australia/Victoria Australia/West Australia/Yancowinna Brazil/Acre Brazil/DeNoronha
Brazil/East Brazil/West CET CST6CDT Canada/Atlantic Canada/Central Canada/Eastern Canada/Mountain
Canada/Newfoundland Canada/Pacific Canada/Saskatchewan Canada/Yukon Chile/Continental Chile/EasterIsland
Cuba EET EST EST5EDT Egypt Eire Etc/GMT Etc/GMT+0 Etc/GMT-0 Etc/GMT0 Etc/Greenwich Etc/UCT Etc/UTC
Etc/Universal Etc/Zulu Europe/Belfast Europe/Kyiv Europe/Nicosia Europe/Tiraspol Europe/Uzhgorod
Europe/Zaporozhye GB GB-Eire GMT GMT+0 GMT-0 GMT0 Greenwich HST Hongkong Iceland Iran Israel Jamaica Japan
Kwajalein Libya MET MST MST7MDT Mexico/BajaNorte Mexico/BajaSur Mexico/General NZ NZ-CHAT Navajo PRC PST8PDT
Pacific/Chuuk Pacific/Johnston Pacific/Kanton Pacific/Pohnpei Pacific/Samoa Pacific/Yap Poland Portugal ROC
ROK Singapore Turkey UCT US/Alaska US/Aleutian US/Arizona US/Central US/East-Indiana US/Eastern US/Hawaii
US/Indiana-Starke US/Michigan US/Mountain US/Pacific US/Samoa Universal W-SU WET Zulu
`
  .trim()
  .split(/\s+/);
