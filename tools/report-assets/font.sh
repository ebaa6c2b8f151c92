#!/bin/sh
# Cuts src/mainstay/report/assets/NotoSansSC-Regular.ttf to Latin and the characters of GB2312. Run build.sh, which calls it.
set -eu
cd "$(dirname "$0")"
assets=../../src/mainstay/report/assets
font=node_modules/@expo-google-fonts/noto-sans-sc
python3 -m venv node_modules/.fonttools
node_modules/.fonttools/bin/pip install --quiet fonttools==4.68.0
chinese=$(python3 -c '
rows = (bytes([row, cell]).decode("gb2312", "ignore") for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
print(",".join(f"{ord(character):04X}" for character in rows if character))')
latin=0020-024F,1E00-1EFF,2010-2027,2030-203A,20AC,2190-2193,2212,2248,2260-2265
node_modules/.fonttools/bin/pyftsubset "$font/400Regular/NotoSansSC_400Regular.ttf" --unicodes="$chinese,$latin" \
  --layout-features=ccmp,kern,liga,locl,mark,mkmk --no-hinting --name-IDs='*' --output-file="$assets/NotoSansSC-Regular.ttf"
cp "$font/LICENSE_FONT" "$assets/NotoSansSC.LICENSE.txt"
