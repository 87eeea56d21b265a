"""The label for the audience of AI-made content, in the words that China's Measures of 14 March 2025 ask for.

GB 45438-2025 wants "AI" or "人工智能" together with "生成" or "合成" in it. Keys are the values of `Label` in the label
inside the file: 1 the file says so itself, 2 its makers declare it, 3 there are only traces of it (article 6).
"""

WORDS = {
    "1": {"en": "AI-generated", "zh": "AI生成合成内容"},
    "2": {"en": "AI-generated, as declared by its makers", "zh": "AI生成合成内容（作者声明）"},
    "3": {"en": "Possibly AI-generated", "zh": "疑似AI生成合成内容"},
}
SHORT = {"en": "AI-generated", "zh": "AI生成"}
