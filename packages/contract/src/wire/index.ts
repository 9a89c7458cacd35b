export * from './choices.ts';
export { dict, jsonObject, type ListRules, list, set } from './containers.ts';
export * from './duration.ts';
export { encoderOf } from './encode.ts';
export * from './errors.ts';
export { httpUrl } from './http-url.ts';
export { complainAtRoot, type ModelRules, model, parameters } from './model.ts';
export * from './moment.ts';
export { pythonNumber, quoted, shownText } from './python.ts';
export {
  boolean,
  float,
  integer,
  type NumberRules,
  readText,
  type TextRules,
  text,
  uuid,
} from './scalars.ts';
export {
  complain,
  type Encode,
  type JsonSchema,
  missing,
  type Read,
  type Report,
  refuseNull,
  type WireType,
  wireType,
} from './type.ts';
