#!/bin/sh
# Builds src/mainstay/report/assets/{echarts.js,coast.json,NotoSansSC-Regular.ttf}. Needs Node 20 or later and Python;
# run after a change of version.
set -eu
cd "$(dirname "$0")"
assets=../../src/mainstay/report/assets
npm install --no-package-lock --no-audit --no-fund
npx esbuild entry.js --bundle --minify --format=iife --global-name=echarts --target=es2020 --charset=utf8 \
  --legal-comments=none --outfile="$assets/echarts.js"
node coast.js "$assets/coast.json"
cp node_modules/echarts/LICENSE "$assets/echarts.LICENSE.txt"
cp node_modules/echarts/NOTICE "$assets/echarts.NOTICE.txt"
cp node_modules/world-atlas/LICENSE* "$assets/coast.LICENSE.txt"
sh font.sh
ls -l "$assets"
