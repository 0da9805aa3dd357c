/** The demo's pictures: a jar, as PNG and as SVG. */

export const JAR_PNG = Buffer.from(
  [
    'iVBORw0KGgoAAAANSUhEUgAAADAAAAAwBAMAAAClLOS0AAAAD1BMVEX39O46XErJeC7moFB4PCgu+RmbAAAAgUlEQVR42s3T',
    'AQqAIAwFUNML5A1iu4Ds/ocLiW26JQZBOQjCF335VggrT5b5HLbczN5C+9Q6AIRA9UKEDuoCmwEQ60BfRGhBzIaL9Rl0XHfJ',
    'hQ8AGaILL/cAxGDCQcJdJbNdRVdJme3qeSXauzsPNlOJ9u7Og82Ea8jLr2T0G/w0J6CWKU4lRYleAAAAAElFTkSuQmCC',
  ].join(''),
  'base64',
);

export const JAR_SVG = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" role="img" aria-label="A jar">
<rect x="28" y="12" width="40" height="10" rx="3" fill="#3a5c4a"/>
<rect x="22" y="22" width="52" height="64" rx="10" fill="#f7f4ee" stroke="#3a5c4a" stroke-width="3"/>
<path d="M25 40h46v36a8 8 0 0 1-8 8H33a8 8 0 0 1-8-8z" fill="#c9782e"/>
<rect x="34" y="50" width="28" height="18" rx="2" fill="#f7f4ee"/>
</svg>
`;
